import type { Desktop } from './store.ts';
import { followDownloads, type Saved } from '../ui/save-bytes.ts';

/** In the app main knows where a file went, and whether it did. */
export const followDownloadsOf = ({ on, call }: Pick<Desktop, 'on' | 'call'>): void => {
  const waiting = new Map<string, (saved: Saved) => void>();
  on('download', ({ id, ...ended }) => {
    const tell = waiting.get(id);
    waiting.delete(id);
    tell?.(ended.end === 'saved' ? { ...ended, show: () => void call('download.show', { id }) } : ended.end === 'failed' ? ended : { end: 'cancelled' });
  });
  followDownloads((url) => new Promise((tell) => {
    waiting.set(url.slice(url.lastIndexOf('/') + 1), tell);
  }));
};
