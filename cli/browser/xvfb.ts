import { spawn } from 'node:child_process';
import { within } from './within';

export interface VirtualDisplay {
  /** Value of DISPLAY, such as ":99". */
  readonly display: string;
  close(): void;
}

const START_MS = 5_000;

/**
 * Starts an X server without a screen on a display number that it chooses itself.
 * @param path of the Xvfb program
 * @throws when it does not start within 5 s
 */
export async function startXvfb(path: string): Promise<VirtualDisplay> {
  // The number is written to file descriptor 3.
  const args = ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'];
  const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const close = () => void child.kill('SIGKILL');
  try {
    const number = new Promise<string>((resolve, reject) => {
      child.stdio[3]?.once('data', (chunk: Buffer) => resolve(String(chunk).trim()));
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`Xvfb ended with code ${code}.`)));
    });
    return { display: `:${await within(START_MS, number, 'Xvfb did not start')}`, close };
  } catch (error) {
    close();
    throw error;
  }
}
