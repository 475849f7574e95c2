const OS2_HEADER = 12;

/** Width and height by a BMP file's header; null when the header is cut short. */
export function bmpSize(bytes: Buffer): { width: number; height: number } | null {
  if (bytes.length < 26) return null;
  if (bytes.readUInt32LE(14) === OS2_HEADER)
    return { width: bytes.readUInt16LE(18), height: bytes.readUInt16LE(20) };
  // Height is negative when the rows run from the top.
  return { width: Math.abs(bytes.readInt32LE(18)), height: Math.abs(bytes.readInt32LE(22)) };
}
