/** What `studio models export` can write, as the command line calls it. */
export const exportNames = ['onnx', 'tfjs', 'card'] as const;

export interface ExportWish {
  format: (typeof exportNames)[number];
  out: string;
  force?: boolean;
}

export interface ImportWish {
  out: string;
  mean?: number;
  std?: number;
  force?: boolean;
}
