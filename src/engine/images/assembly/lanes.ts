/** Four bytes as single precision. */
export function floats(bytes: v128): v128 {
  return f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)));
}

/** The whole part of four values of single precision as bytes, the low four; what lies outside 0 to 255 is cut to it, what is no number is 0. */
export function bytes(values: v128): v128 {
  const whole = i32x4.trunc_sat_f32x4_s(values);
  const short = i16x8.narrow_i32x4_s(whole, whole);
  return i8x16.narrow_i16x8_u(short, short);
}
