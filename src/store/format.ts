export * from '../core/format';
export { formatBytes } from '../core/format';
