import { Download, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Preferences } from '../../src-shared/http/security.ts';
import { useAct, useQuery } from '../authority/index.ts';
import { useLanguage } from '../messages/words.ts';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { useSave } from '../saving/use-save.ts';
import { Button, Card, notify, Switch, Table, Time } from '../ui/index.ts';
import { Loaded } from './Loaded.tsx';
import { PasswordDialog } from './PasswordDialog.tsx';
import { RemoveDialog } from './RemoveDialog.tsx';
import { useWords } from './words.ts';

const names = ['licenseMails', 'productNews', 'usageStatistics'] as const satisfies readonly (keyof Preferences)[];
const isName = (name: string): name is (typeof names)[number] => (names as readonly string[]).includes(name);

/** Preferences with their history, the person's data, and the end of the account. */
export const PrivacyPage = () => {
  const t = useWords();
  const [asks, setAsks] = useState<'data' | 'remove' | null>(null);
  const close = (): void => setAsks(null);
  return (
    <>
      <PreferencesCard />
      <Card title={t('data.title')} text={t('data.text')} actions={<Button icon={<Download aria-hidden="true" />} onPress={() => setAsks('data')}>{t('data.action')}</Button>} className="account-head-only" />
      <Card title={t('remove.title')} text={t('remove.text')} actions={<Button variant="danger" icon={<Trash2 aria-hidden="true" />} onPress={() => setAsks('remove')}>{t('remove.action')}</Button>} className="account-head-only" />
      {asks === 'data' && <DataDialog onClose={close} />}
      {asks === 'remove' && <RemoveDialog onClose={close} />}
    </>
  );
};

const PreferencesCard = () => {
  const t = useWords();
  const words = useProblemWords();
  const locale = useLanguage();
  const query = useQuery('security.preferences', {}, { on: ['account'] });
  const { run, isPending } = useAct('security.setPreferences');
  const set = async (name: keyof Preferences, to: boolean, before: Preferences): Promise<void> => {
    query.change((old) => ({ ...old, preferences: { ...old.preferences, [name]: to } }));
    const result = await run({ body: { ...before, [name]: to } });
    if (!result.ok) {
      query.change((old) => ({ ...old, preferences: before }));
      const { title, next } = words(result);
      notify({ tone: 'danger', title, text: next });
    }
    await query.refresh();
  };
  return (
    <Loaded query={query}>
      {({ preferences, history }) => (
        <Card title={t('preferences.title')} text={t('preferences.text')}>
          <div className="lk-stack">
            {names.map((name) => (
              <Switch key={name} isSelected={preferences[name]} isReadOnly={isPending} onChange={(to) => void set(name, to, preferences)} text={t(`preferences.${name}Text`)}>{t(`preferences.${name}`)}</Switch>
            ))}
            <details className="account-history">
              <summary>{t('preferences.history')}</summary>
              <Table
                label={t('preferences.history')}
                rows={history}
                rowKey={({ at, change, to }) => `${at} ${change} ${to}`}
                empty={<p className="lk-soft lk-small">{t('preferences.noHistory')}</p>}
                columns={[
                  { id: 'at', header: t('preferences.when'), cell: ({ at }) => <Time seconds={at} locale={locale} /> },
                  { id: 'change', header: t('preferences.what'), cell: ({ change }) => (isName(change) ? t(`preferences.${change}`) : change), isRowHeader: true },
                  { id: 'to', header: t('preferences.to'), cell: ({ to }) => t(to ? 'preferences.yes' : 'preferences.no') },
                ]}
              />
            </details>
          </div>
        </Card>
      )}
    </Loaded>
  );
};

const DataDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const t = useWords();
  const { run, isPending, problem, clear } = useAct('security.export');
  const saveFile = useSave();
  const save = async (password: string): Promise<void> => {
    const result = await run({ body: { password } });
    if (!result.ok) return;
    // The password lets it be collected again, so the dialog stays until the file may be there.
    if (await saveFile({ name: t('data.file'), content: `${JSON.stringify(result.value, null, 2)}\n`, type: 'application/json' }, { title: t('data.done') })) onClose();
  };
  return <PasswordDialog title={t('data.dialog')} submitLabel={t('data.action')} pendingLabel={t('data.pending')} isPending={isPending} problem={problem} clear={clear} onPassword={save} onClose={onClose} />;
};
