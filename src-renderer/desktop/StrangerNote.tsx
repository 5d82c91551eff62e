import { ProblemNote } from '../problem/ProblemNote.tsx';
import { useDesktopState } from './use-desktop.ts';

/** Stands above every page while another authority answers at the address than the one that is trusted. Nothing is told to it, and nothing is lost. */
export const StrangerNote = () => {
  const { authority, stranger } = useDesktopState((state) => state.connection);
  return <ProblemNote problem={{ code: 'FILE_WRONG_AUTHORITY', details: { why: 'answers', expected: authority, actual: stranger } }} tone="warn" live="status" />;
};
