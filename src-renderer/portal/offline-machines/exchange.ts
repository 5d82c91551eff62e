import { create } from 'zustand';
import type { Problem } from '../../../src-shared/desktop.ts';
import type { KeysetFile } from '../../../src-shared/http/index.ts';
import type { Inspection } from '../../../src-shared/inspection.ts';
import type { Lease } from '../../../src-shared/lease.ts';
import type { Entitlement, Seats } from '../../../src-shared/license.ts';
import type { Seconds } from '../../../src-shared/time.ts';
import { saveBytes } from '../../ui/index.ts';
import { call, onPersonLeft } from '../session/session.ts';
import { readDocument } from './read-document.ts';

/** What the authority said of the file in hand. */
export type Looked = {
  readonly text: string;
  readonly inspection: Inspection;
  readonly options: readonly Entitlement[];
  readonly lease: Lease | null;
  readonly answered: boolean;
  readonly machineAt: string | null;
};

/** What was done with a file: the history of this sitting, with the file that is to be carried back. */
export type Done = {
  readonly key: number;
  readonly kind: 'answered' | 'accepted' | 'told';
  readonly at: Seconds;
  readonly from: string;
  readonly fileName: string;
  readonly content: string;
  /** Null for a time ticket, which is about no lease. */
  readonly lease: Lease | null;
  readonly machine: string;
  /** What the machine must import first, in this order. */
  readonly keysets: readonly KeysetFile[];
  /** Whether the same answer had been given before. */
  readonly again: boolean;
  /** Seats of the license before and after, where the person may see them. */
  readonly seats: { readonly before: Seats; readonly after: Seats } | null;
};

export type Current = { readonly key: number; readonly name: string } & (
  | { readonly stage: 'reading' }
  | { readonly stage: 'refused'; readonly problem: Problem }
  | ({ readonly stage: 'looked'; readonly isWorking: boolean; readonly problem: Problem | null } & Looked)
  | { readonly stage: 'done'; readonly done: Done }
);

type ExchangeState = {
  readonly current: Current | null;
  readonly waiting: readonly { readonly key: number; readonly name: string; readonly file: File }[];
  readonly history: readonly Done[];
};

const nothing: ExchangeState = { current: null, waiting: [], history: [] };

/** Files are taken one after the other; they stay in hand while the person looks at another page. */
export const useExchange = create<ExchangeState>()(() => nothing);
onPersonLeft(() => useExchange.setState(nothing));

export const waitingCount = ({ waiting, current }: ExchangeState): number => waiting.length + (current?.stage === 'looked' ? 1 : 0);

let lastKey = 0;

const setCurrent = (key: number, change: (current: Current) => Current): void => {
  const { current } = useExchange.getState();
  // The person may have gone on to the next file meanwhile.
  if (current?.key === key) useExchange.setState({ current: change(current) });
};

const look = async (key: number, text: string): Promise<void> => {
  const result = await call('exchange.inspect', { body: { document: text } });
  setCurrent(key, ({ name }) =>
    result.ok
      ? { key, name, stage: 'looked', isWorking: false, problem: null, text, ...result.value }
      : { key, name, stage: 'refused', problem: result });
};

const begin = async (key: number, name: string, file: File): Promise<void> => {
  useExchange.setState({ current: { key, name, stage: 'reading' } });
  const text = await readDocument(file);
  if (text.ok) await look(key, text.value);
  else setCurrent(key, () => ({ key, name, stage: 'refused', problem: text }));
};

/** Puts the file in hand aside and takes the next one. */
export const nextFile = (): void => {
  const [first, ...waiting] = useExchange.getState().waiting;
  useExchange.setState({ current: null, waiting });
  if (first !== undefined) void begin(first.key, first.name, first.file);
};

/** Takes files that were dropped or chosen, behind those that wait. */
export const takeFiles = (files: readonly File[]): void => {
  const { waiting, current } = useExchange.getState();
  useExchange.setState({ waiting: [...waiting, ...files.map((file) => ({ key: (lastKey += 1), name: file.name, file }))] });
  if (current === null || current.stage === 'done' || current.stage === 'refused') nextFile();
};

export const dropWaiting = (key: number): void =>
  useExchange.setState(({ waiting }) => ({ waiting: waiting.filter((each) => each.key !== key) }));

/** Looks at the file in hand again, after seats or licenses changed elsewhere. */
export const lookAgain = async (): Promise<void> => {
  const { current } = useExchange.getState();
  if (current?.stage !== 'looked' || current.isWorking) return;
  const { key, text } = current;
  const result = await call('exchange.inspect', { body: { document: text } });
  setCurrent(key, (now) => (now.stage === 'looked' && !now.isWorking && result.ok ? { ...now, ...result.value } : now));
};

const seatsOf = async (lease: Lease): Promise<Seats | null> => {
  const result = await call('licenses.entitlements', { params: { organization: lease.organization.id }, query: {} });
  return (result.ok ? result.value.entitlements.find(({ license }) => license === lease.license)?.seats : undefined) ?? null;
};

const finish = (key: number, done: Done): void => {
  setCurrent(key, ({ name }) => ({ key, name, stage: 'done', done }));
  useExchange.setState(({ history }) => ({ history: [done, ...history.filter(({ content }) => content !== done.content)] }));
  // A browser does not say how it ends.
  void saveBytes(done.fileName, done.content);
};

const working = (): { readonly key: number; readonly name: string; readonly looked: Looked } | null => {
  const { current } = useExchange.getState();
  if (current?.stage !== 'looked' || current.isWorking) return null;
  useExchange.setState({ current: { ...current, isWorking: true, problem: null } });
  return { key: current.key, name: current.name, looked: current };
};

const refused = (key: number, problem: Problem): void => {
  setCurrent(key, (current) => (current.stage === 'looked' ? { ...current, isWorking: false, problem } : current));
  void lookAgain();
};

const now = (): Seconds => Math.floor(Date.now() / 1000);

/** Answers the request in hand with a license for a period, and saves the license file. */
export const answerRequest = async (license: string, days: number): Promise<void> => {
  const work = working();
  if (work === null) return;
  const { key, name, looked } = work;
  const result = await call('exchange.answer', { body: { request: looked.text, license, days } });
  if (!result.ok) return refused(key, result);
  const { licenseFile, fileName, lease, keysets } = result.value;
  finish(key, { key, kind: 'answered', at: now(), from: name, fileName, content: licenseFile, lease, machine: lease.machine.name, keysets, again: looked.answered, seats: null });
};

/** Answers the request for the time in hand, and saves the time ticket. */
export const tellTime = async (): Promise<void> => {
  const work = working();
  if (work === null) return;
  const { key, name, looked } = work;
  const result = await call('exchange.time', { body: { request: looked.text } });
  if (!result.ok) return refused(key, result);
  const { ticket, fileName, keysets } = result.value;
  const { machine } = looked.inspection;
  finish(key, {
    key, kind: 'told', at: now(), from: name, fileName, content: ticket, lease: null, keysets, machine: machine?.name ?? machine?.id ?? '', again: looked.answered, seats: null,
  });
};

/** Accepts the release proof in hand, and saves the receipt. */
export const acceptProof = async (): Promise<void> => {
  const work = working();
  if (work === null) return;
  const { key, name, looked } = work;
  const before = looked.lease === null ? null : await seatsOf(looked.lease);
  const result = await call('exchange.accept', { body: { proof: looked.text } });
  if (!result.ok) return refused(key, result);
  const { receipt, fileName, lease, keysets } = result.value;
  const after = before === null ? null : await seatsOf(lease);
  finish(key, {
    key, kind: 'accepted', at: now(), from: name, fileName, content: receipt, lease, machine: lease.machine.name, keysets, again: looked.answered,
    seats: before === null || after === null ? null : { before, after },
  });
};
