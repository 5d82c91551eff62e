import { DesktopPage } from '../desktop/DesktopPage.tsx';
export const MyLicensesPage = () => <DesktopPage title="My licenses">{null}</DesktopPage>;
