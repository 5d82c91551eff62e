export * from '../authority/routes.ts';
