import { CircleCheck, CircleMinus, CircleX, Clock, FileBadge, FileInput, FileOutput, KeyRound, ReceiptText } from 'lucide-react';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { fingerprintParts } from '../../src-shared/fingerprint.ts';
import type { Inspection, Verdict } from '../../src-shared/inspection.ts';
import { wordsFor } from '../messages/index.ts';
import { Badge, PastTime, Time } from '../ui/index.ts';
import { CopyId } from './CopyId.tsx';
import './words.ts';
import './inspection-card.css';

const icons = { request: FileInput, license: FileBadge, release: FileOutput, receipt: ReceiptText, keyset: KeyRound, time: Clock } as const;

export type InspectionCardProps = {
  readonly inspection: Inspection;
  /** The file it came in. */
  readonly fileName?: string | undefined;
  /** Epoch seconds; decides between "until" and "was until". */
  readonly now: number;
  /** Names for what a request asks for, where this side knows them. */
  readonly names?: { readonly product?: string | undefined; readonly license?: string | undefined } | undefined;
  /** What "acceptable" means here, in place of the words for its kind. */
  readonly acceptableText?: ReactNode;
  /** The next step: a form, a note. */
  readonly children?: ReactNode;
  /** Buttons of the next step, the main one last. */
  readonly actions?: ReactNode;
};

type Fact = { readonly term: string; readonly value: ReactNode };

/** What a file is: its kind, its claims, and the two verdicts. The claims stand back until the file is genuine. */
export const InspectionCard = ({ inspection, fileName, now, names, acceptableText, children, actions }: InspectionCardProps) => {
  const { t, i18n } = useTranslation('document');
  const id = useId();
  const Icon = icons[inspection.kind];
  const isOpen = isUndecided(inspection.genuine);
  return (
    <section className="lk-inspection" data-genuine={isOpen ? 'unknown' : inspection.genuine.ok} aria-labelledby={`${id}-title`}>
      <header className="lk-inspection-head">
        <span className="lk-inspection-icon" aria-hidden="true"><Icon /></span>
        <div className="lk-inspection-name">
          <h2 id={`${id}-title`} className="lk-inspection-title">{t(inspection.purpose === 'time' ? 'title.timeRequest' : `title.${inspection.kind}`)}</h2>
          {fileName !== undefined && <p className="lk-mono lk-inspection-file">{fileName}</p>}
        </div>
        <Age inspection={inspection} now={now} locale={i18n.language} />
      </header>
      <ul className="lk-verdicts" aria-label={t('verdicts')}>
        <VerdictLine title={t('genuine.title')} failed={t(isOpen ? 'genuine.unknown' : 'genuine.failed')} isOpen={isOpen} verdict={inspection.genuine} okText={t(`genuine.ok.${inspection.kind}`)} />
        {inspection.genuine.ok
          ? (
            <VerdictLine
              title={t('acceptable.title')}
              failed={t('acceptable.failed')}
              verdict={inspection.acceptable}
              okText={acceptableText ?? t(inspection.acceptable.ok && inspection.acceptable.again ? `acceptable.again.${inspection.kind}` : `acceptable.ok.${inspection.kind}`)}
            />
          )
          : <VerdictRow tone="none" title={t('acceptable.title')} text={t('acceptable.notJudged')} />}
      </ul>
      {!inspection.genuine.ok && <p className="lk-inspection-claimed">{t(isOpen ? 'claimedUnknown' : 'claimed')}</p>}
      <Facts facts={useFacts(inspection, names)} label={t('facts')} />
      {children !== undefined && <div className="lk-inspection-body">{children}</div>}
      {actions !== undefined && <footer className="lk-inspection-actions">{actions}</footer>}
    </section>
  );
};

const Age = ({ inspection, now, locale }: { readonly inspection: Inspection; readonly now: number; readonly locale: string }) => {
  const { t } = useTranslation('document');
  const { kind, issuedAt, expiresAt } = inspection;
  const isOver = expiresAt !== null && expiresAt <= now;
  return (
    <p className="lk-inspection-age">
      <span><Trans t={t} i18nKey="made" components={{ at: <PastTime seconds={issuedAt} locale={locale} /> }} /></span>
      {expiresAt !== null && (
        <span data-ended={isOver || undefined}>
          <Trans t={t} i18nKey={`${isOver ? 'ended' : 'until'}.${kind}`} components={{ at: <Time seconds={expiresAt} locale={locale} /> }} />
        </span>
      )}
    </p>
  );
};

/** Nothing speaks against it; this side only cannot tell: it lacks the keys, or the file is for others to judge. */
const isUndecided = (genuine: Verdict): boolean =>
  !genuine.ok && (genuine.code === 'TRUST_MISSING' || (genuine.code === 'FILE_WRONG_MACHINE' && genuine.details['why'] === 'proof') || (genuine.code === 'FILE_NOT_GENUINE' && genuine.details['needed'] !== undefined));

const VerdictLine = ({ title, failed, isOpen = false, verdict, okText }: {
  readonly title: string; readonly failed: string; readonly isOpen?: boolean; readonly verdict: Verdict; readonly okText: ReactNode;
}) => {
  const { i18n } = useTranslation();
  if (verdict.ok) return <VerdictRow tone="ok" title={title} text={okText} />;
  const words = wordsFor(i18n, verdict);
  return <VerdictRow tone={isOpen ? 'none' : 'danger'} title={failed} text={<><b>{words.title}.</b> {words.text}</>} next={words.next} />;
};

const marks = { ok: CircleCheck, danger: CircleX, none: CircleMinus } as const;

const VerdictRow = ({ tone, title, text, next }: {
  readonly tone: keyof typeof marks; readonly title: string; readonly text: ReactNode; readonly next?: string;
}) => {
  const Mark = marks[tone];
  return (
    <li className="lk-verdict" data-tone={tone}>
      <Mark aria-hidden="true" />
      <span className="lk-verdict-title">{title}</span>
      <span className="lk-verdict-words">
        <span>{text}</span>
        {next !== undefined && <span className="lk-verdict-next">{next}</span>}
      </span>
    </li>
  );
};

const Facts = ({ facts, label }: { readonly facts: readonly Fact[]; readonly label: string }) => (
  <dl className="lk-details lk-inspection-facts" data-layout="columns" aria-label={label}>
    {facts.map(({ term, value }) => <div key={term} className="lk-detail"><dt>{term}</dt><dd>{value}</dd></div>)}
  </dl>
);

const useFacts = (inspection: Inspection, names: InspectionCardProps['names']): readonly Fact[] => {
  const { t } = useTranslation(['document', 'common']);
  const { machine, want, grant, lease, fingerprint, kind } = inspection;
  const facts: Fact[] = [];
  const add = (term: string, value: ReactNode): void => void facts.push({ term, value });
  if (machine !== null) {
    add(t('machine'), (
      <span className="lk-inspection-machine">
        {(machine.name !== null || kind === 'request') && <b>{machine.name ?? t('unnamed')}</b>}
        {machine.os !== null && <span className="lk-soft">{machine.os}</span>}
        <CopyId id={machine.id} what={t('machineId')} />
      </span>
    ));
  }
  if (inspection.purpose === 'time') add(t('asks'), t('asksTime'));
  if (want !== null) {
    add(t('asks'), names?.product ?? want.product ?? (want.license === null ? t('anyProduct') : (names?.license ?? want.license)));
    if (want.license !== null && want.product !== null) add(t('license'), names?.license ?? want.license);
    add(t('mode'), t(want.mode === 'offline' ? 'common:mode.Offline' : 'common:mode.Online'));
    add(t('period'), want.days === null ? t('periodOpen') : t('periodDays', { count: want.days }));
  }
  if (grant !== null) {
    add(t('grants'), <>{grant.product.name}{grant.edition !== null && <span className="lk-soft"> {grant.edition}</span>}</>);
    add(t('organization'), grant.organization.name);
    add(t('mode'), t(grant.mode === 'offline' ? 'common:mode.Offline' : 'common:mode.Online'));
  }
  if (kind === 'request' || kind === 'license') {
    add(t('fingerprint'), fingerprint.length === 0
      ? t('noFingerprint')
      : <span className="lk-inspection-parts">{fingerprint.map((part) => <Badge key={part}>{t(`common:part.${part}`, { defaultValue: part })}</Badge>)}</span>);
  }
  const missing = kind === 'request' && inspection.purpose !== 'time' ? fingerprintParts.filter((part) => !fingerprint.includes(part)) : [];
  if (missing.length > 0) {
    add(t('notShown'), (
      <>
        <span className="lk-inspection-parts">{missing.map((part) => <Badge key={part} tone="warn">{t(`common:part.${part}`)}</Badge>)}</span>
        <span className="lk-soft">{t('notShownText')}</span>
      </>
    ));
  }
  if (lease !== null) add(kind === 'request' ? t('renews') : t('lease'), <CopyId id={lease} what={t('lease')} />);
  add(t('authority'), <CopyId id={inspection.authority} what={t('authority')} />);
  add(t('id'), <CopyId id={inspection.id} what={t('id')} />);
  return facts;
};
