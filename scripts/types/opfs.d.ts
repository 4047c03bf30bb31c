/** What only a worker has of the origin private file system: tests are compiled with the page's library. */
interface FileSystemFileHandle {
  createSyncAccessHandle(): Promise<FileSystemSyncAccessHandle>;
}

interface FileSystemSyncAccessHandle {
  getSize(): number;
  write(buffer: Uint8Array<ArrayBuffer>, options?: { readonly at?: number }): number;
  truncate(bytes: number): void;
  flush(): void;
  close(): void;
}
