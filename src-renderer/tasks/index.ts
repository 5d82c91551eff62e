/** What people of an organization ask of each other. */
export { TasksPage } from './TasksPage.tsx';
