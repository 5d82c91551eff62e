import { DesktopPage } from '../desktop/DesktopPage.tsx';
export const ExchangePage = (_: { file: unknown; onFileTaken: () => void }) => <DesktopPage title="Offline exchange">{null}</DesktopPage>;
