import { useQuery } from '../authority/index.ts';
import { languageOf } from '../messages/language.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { Button, Dialog, Skeleton } from '../ui/index.ts';
import { useInvitationWords } from './words.ts';

export type TermsDialogProps = { readonly document: 'agreement' | 'privacy'; readonly onClose: () => void };

/** The text that is to be accepted, as it is in force. */
export const TermsDialog = ({ document, onClose }: TermsDialogProps) => {
  const t = useInvitationWords();
  const common = useCommonWords();
  const locale = languageOf(useLanguage());
  const { value, problem, refresh } = useQuery('people.terms', { params: { document }, query: { locale } });
  return (
    <Dialog isOpen onOpenChange={onClose} size="large" title={value?.title ?? t(document === 'agreement' ? 'signUp.readAgreement' : 'signUp.readPrivacy')} closeLabel={t('terms.close')} actions={<Button variant="primary" autoFocus onPress={onClose}>{t('terms.close')}</Button>}>
      {value === null && problem === null && <><p role="status" className="lk-hidden-text">{t('terms.loading')}</p><Skeleton lines={8} /></>}
      {value === null && problem !== null && <ProblemNote problem={problem} live="alert" action={<Button size="small" onPress={() => void refresh()}>{common('actions.retry')}</Button>} />}
      {value !== null && <Text>{value.text}</Text>}
    </Dialog>
  );
};

/** Paragraphs parted by empty lines, `## ` before a heading. */
const Text = ({ children }: { readonly children: string }) => (
  // It scrolls, so it is reached by keyboard.
  <div className="terms" tabIndex={0} role="document">
    {children.split(/\n{2,}/).map((part) => (part.startsWith('## ') ? <h3 key={part}>{part.slice(3)}</h3> : <p key={part}>{part}</p>))}
  </div>
);
