import { Clock, ExternalLink, FilePlus, FolderOpen, KeyRound, RefreshCw, Save } from 'lucide-react';
import { useRef } from 'react';
import type { ReactNode } from 'react';
import type { Inspection } from '../../src-shared/inspection.ts';
import { useAction, useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { shortId } from '../document/CopyId.tsx';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { useSave } from '../saving/use-save.ts';
import { Button, Link } from '../ui/index.ts';
import { bringFirst } from './files.ts';

/** What a new request is to ask for, taken from a file that is of no use any more. */
export type Wish = { readonly product: string | null; readonly productName: string | null; readonly license: string | null; readonly lease: string | null; /** For how long it was given before. */ readonly days?: number };

export type NextStepsProps = {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly inspection: Inspection;
  readonly isImporting: boolean;
  readonly onImport: () => void;
  readonly onPutAway: () => void;
  readonly onAskAgain: (wish: Wish) => void;
  readonly onLookAgain: () => void;
  /** The license file in hand is in use: goes to its lease. */
  readonly onShowLease: () => void;
};

/** What a person does next with the file in hand, in words and as buttons; the main one comes last. */
export const useNextSteps = (props: NextStepsProps): { readonly words: ReactNode; readonly actions: ReactNode } => {
  const t = useWords();
  const url = useDesktopState((state) => state.connection.url);
  const { name, bytes, inspection, isImporting, onPutAway } = props;
  const { next } = inspection;
  const save = useSave();
  const putAway = <Button onPress={onPutAway} isDisabled={isImporting}>{t('exchange.found.cancel')}</Button>;
  const saveCopy = (
    <Button
      icon={<Save aria-hidden="true" />}
      onPress={() => void save({ name, content: new Uint8Array(bytes) })}
    >
      {t('exchange.next.saveCopy')}
    </Button>
  );
  const words = (text: string): ReactNode => <p>{text}</p>;
  switch (next) {
    case 'import':
      return {
        words: undefined,
        actions: <>{putAway}<Button variant="primary" isPending={isImporting} pendingLabel={t('exchange.found.importing')} onPress={props.onImport}>{t('exchange.found.import')}</Button></>,
      };
    case 'nothing':
      return {
        words: words(t(inspection.kind === 'license' ? 'exchange.next.inUse' : 'exchange.next.known')),
        actions: inspection.kind === 'license' && inspection.lease !== null
          ? <>{putAway}<Button variant="primary" icon={<KeyRound aria-hidden="true" />} onPress={props.onShowLease}>{t('exchange.imported.show')}</Button></>
          : <Button variant="primary" onPress={onPutAway}>{t('exchange.found.cancel')}</Button>,
      };
    case 'take-to-authority':
      return {
        words: words(t(url === null ? 'exchange.next.toAuthority' : 'exchange.next.toAuthorityAt', { host: url === null ? '' : new URL(url).host })),
        actions: (
          <>
            {putAway}
            {saveCopy}
            {url !== null && <Link variant="primary" href={new URL('/offline-machines', url).href} target="_blank" icon={<ExternalLink aria-hidden="true" />}>{t('exchange.next.openPortal')}</Link>}
          </>
        ),
      };
    case 'take-to-machine':
      return { words: words(t('exchange.next.toMachine', { machine: inspection.machine?.name ?? shortId(inspection.machine?.id ?? '') })), actions: <>{putAway}{saveCopy}</> };
    case 'request-again':
      return { words: words(t('exchange.next.askAgain')), actions: <>{putAway}<AskAgain {...props} /></> };
    case 'bring-keyset': {
      // Whom to trust in the first place is said at sign-in or by whoever set the app up, never by a file from anywhere.
      const isFirst = !inspection.genuine.ok && inspection.genuine.code === 'TRUST_MISSING';
      return { words: isFirst ? undefined : words(t(url === null ? 'exchange.next.keyset' : 'exchange.next.keysetOnline')), actions: <>{putAway}{!isFirst && <ChooseKeyset isMain={url === null} />}{url !== null && <Fetch channel="exchange.fetch-keys" icon={<KeyRound aria-hidden="true" />} label={t('exchange.next.fetchKeys')} pendingLabel={t('exchange.next.fetching')} onDone={props.onLookAgain} />}</> };
    }
    case 'right-clock':
      return {
        words: words(t('exchange.next.clock')),
        actions: (
          <>
            {putAway}
            <Button icon={<RefreshCw aria-hidden="true" />} onPress={props.onLookAgain}>{t('exchange.next.lookAgain')}</Button>
            {url === null ? <AskForTime /> : <Fetch channel="clock.check" icon={<Clock aria-hidden="true" />} label={t('exchange.next.checkClock')} pendingLabel={t('exchange.next.checkingClock')} onDone={props.onLookAgain} />}
          </>
        ),
      };
    case 'resolve-clone':
      return { words: words(t('exchange.next.clone')), actions: putAway };
    // What the authority does with a file is not offered here; the rule never says so on this side.
    case 'answer':
    case 'answer-time':
    case 'accept':
    case 'put-away':
      return { words: undefined, actions: <Button variant="primary" onPress={onPutAway}>{t('exchange.found.cancel')}</Button> };
  }
};

const AskAgain = ({ inspection, onAskAgain }: NextStepsProps) => {
  const t = useWords();
  const leases = useDesktopState((state) => state.leases);
  const { grant, want, lease } = inspection;
  const held = leases.find(({ id }) => id === lease);
  const wish: Wish = {
    product: grant?.product.id ?? want?.product ?? null, productName: grant?.product.name ?? null, license: grant?.license ?? want?.license ?? null, lease: held?.id ?? null,
  };
  return <Button variant="primary" icon={<FilePlus aria-hidden="true" />} onPress={() => onAskAgain(wish)}>{t('exchange.next.newRequest')}</Button>;
};

/** The keyset comes first, then the file that needs it is looked at again. */
const ChooseKeyset = ({ isMain }: { readonly isMain: boolean }) => {
  const t = useWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button variant={isMain ? 'primary' : 'secondary'} icon={<FolderOpen aria-hidden="true" />} onPress={() => input.current?.click()}>{t('exchange.next.chooseKeyset')}</Button>
      <input ref={input} type="file" hidden accept=".lkkeys" onChange={({ target }) => bringFirst([...(target.files ?? [])])} />
    </>
  );
};

type FetchProps = { readonly channel: 'exchange.fetch-keys' | 'clock.check'; readonly icon: ReactNode; readonly label: string; readonly pendingLabel: string; readonly onDone: () => void };

/** Asks the authority for what the file in hand needs. */
const Fetch = ({ channel, icon, label, pendingLabel, onDone }: FetchProps) => {
  const { run, isPending, problem } = useAction(channel);
  const ask = async () => {
    if ((await run(null)).ok) onDone();
  };
  return (
    <>
      <Button variant="primary" icon={icon} isPending={isPending} pendingLabel={pendingLabel} onPress={() => void ask()}>{label}</Button>
      {problem !== null && <div className="next-problem"><ProblemNote problem={problem} live="alert" /></div>}
    </>
  );
};

/** Without a network the time comes by file, too. */
const AskForTime = () => {
  const t = useWords();
  const { run, isPending, problem } = useAction('exchange.create-time-request');
  const saveFile = useSave();
  const save = async () => {
    const result = await run(null);
    if (!result.ok) return;
    void saveFile({ name: result.value.name, content: result.value.text }, { text: t('exchange.form.savedText') });
  };
  return (
    <>
      <Button variant="primary" icon={<Clock aria-hidden="true" />} isPending={isPending} pendingLabel={t('exchange.form.pending')} onPress={() => void save()}>{t('exchange.next.timeRequest')}</Button>
      {problem !== null && <div className="next-problem"><ProblemNote problem={problem} live="alert" /></div>}
    </>
  );
};
