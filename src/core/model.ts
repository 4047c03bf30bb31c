/** Where a model is, as it crosses from the page to both workers. */
export interface ModelAddress {
  /** A directory's URL ending in "/", `hub:…`, `picked:…` or `synthetic:…`. */
  readonly url: string;
  /** The page's own URL, ending in "/": it says which hub. Only a `hub:` address needs it. */
  readonly home?: string;
  /** Of a `picked:` address. Files cross by reference, so nothing is copied. */
  readonly files?: readonly PickedFile[];
}

/** A file that the visitor picked, under its path within the directory. */
export interface PickedFile {
  readonly path: string;
  readonly file: Blob;
}

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
