import { Component } from 'react';
import type { ReactNode } from 'react';
import { useCommonWords } from '../messages/words.ts';
import { Button, EmptyState, LatchkeyMark } from '../ui/index.ts';

type Props = { readonly children: ReactNode; /** In the app, which keeps a log. */ readonly onShowLog?: () => void };

/**
 * Around everything an entry shows: a defect while drawing would otherwise leave an empty window. React offers this as a
 * class only. What is known is with main or the authority, so loading again loses nothing.
 */
export class DefectBoundary extends Component<Props, { readonly isBroken: boolean }> {
  override readonly state = { isBroken: false };

  static getDerivedStateFromError(): { readonly isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    return this.state.isBroken ? <Broken onShowLog={this.props.onShowLog} /> : this.props.children;
  }
}

const Broken = ({ onShowLog }: { readonly onShowLog: Props['onShowLog'] | undefined }) => {
  const common = useCommonWords();
  return (
    <main role="alert">
      <EmptyState
        icon={<LatchkeyMark />}
        title={common('defect.title')}
        text={common('defect.text')}
        action={(
          <div className="lk-row">
            <Button variant="primary" onPress={() => location.reload()}>{common('defect.reload')}</Button>
            {onShowLog !== undefined && <Button onPress={onShowLog}>{common('defect.log')}</Button>}
          </div>
        )}
      />
    </main>
  );
};
