/** A grey picture: height x width x 1, uint8, rows from the top. */
export interface GreyPicture {
  width: number;
  height: number;
  data: Uint8Array;
}
