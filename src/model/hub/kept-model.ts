/** A model of the hub that is in this browser's storage, whole or in part. */
export interface KeptModel {
  /** `owner/name`. */
  readonly name: string;
  readonly revision: string;
  /** That are there. */
  readonly bytes: number;
  /** Its .onnx files, whole or not. */
  readonly onnx: readonly string[];
  /** Files of which only the beginning is there. */
  readonly unfinished: readonly { readonly path: string; readonly there: number; readonly bytes: number }[];
}
