import { DesktopPage } from '../desktop/DesktopPage.tsx';
export const LeasePage = (_: { lease: string | null; question: unknown; onQuestionTaken: () => void }) => <DesktopPage title="License in use">{null}</DesktopPage>;
