import type { CurvePoint, DistortionParameters, EpochMetrics } from '../../shared/domain.ts';
import { StudioError, type ErrorCode, type ErrorParams } from '../../shared/errors.ts';
import type {
  Checkpoint,
  ComputeInfo,
  Inspection,
  TrainControl,
  TrainProgress,
  TrainRequest,
  TrainResult,
} from './types.ts';

/** What a call asks for, by kind. */
export interface CallInputs {
  info: Record<never, never>;
  train: { request: TrainRequest } & Pick<TrainControl, 'checkpointInterval'>;
  classify: { modelFolder: string; tiles: Uint8Array; temperature?: number | undefined };
  scores: { modelFolder: string; tiles: Uint8Array };
  features: { modelFolder: string; tiles: Uint8Array };
  distort: { tiles: Uint8Array; parameters: DistortionParameters; seed: number };
  inspect: { modelFolder: string; tile: Uint8Array; target: number | null };
}
/** What it is answered with. */
export interface CallResults {
  info: ComputeInfo;
  train: TrainResult;
  classify: Float32Array;
  scores: Float32Array;
  features: Float32Array;
  distort: Uint8Array;
  inspect: Inspection;
}
export type CallKind = keyof CallInputs;

export type CallMessage = {
  [Kind in CallKind]: { kind: Kind; call: number; input: CallInputs[Kind] };
}[CallKind];

export type ToCompute =
  | CallMessage
  | { kind: 'cancel'; call: number }
  /** Makes a training stand still, or go on. */
  | { kind: 'pause'; call: number; paused: boolean };

export type TrainUpdate =
  | { kind: 'points'; points: CurvePoint[] }
  | { kind: 'progress'; progress: TrainProgress }
  | { kind: 'epoch'; metrics: EpochMetrics; checkpoint: Checkpoint }
  | { kind: 'checkpoint'; checkpoint: Checkpoint };

export type FromCompute =
  | { kind: 'update'; call: number; update: TrainUpdate }
  | { kind: 'done'; call: number; result: CallResults[CallKind] }
  | { kind: 'failed'; call: number; error: WireError };

export interface WireError {
  code: ErrorCode;
  params: ErrorParams;
}

export const toWireError = (error: unknown): WireError =>
  error instanceof StudioError
    ? { code: error.code, params: error.params }
    : { code: 'internal', params: { detail: error instanceof Error ? error.message : String(error) } };

export const fromWireError = ({ code, params }: WireError): StudioError => new StudioError(code, params);
