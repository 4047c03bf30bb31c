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
