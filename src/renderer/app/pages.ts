import type { Component } from 'svelte';
import type { PageId } from './state/navigation.svelte.ts';

/** Each page in a part of its own, read when it is first wanted. */
export const pages: Record<PageId, () => Promise<{ default: Component }>> = {
  home: () => import('../pages/home/HomePage.svelte'),
  data: () => import('../pages/data/DataPage.svelte'),
  train: () => import('../pages/train/TrainPage.svelte'),
  models: () => import('../pages/models/ModelsPage.svelte'),
  classify: () => import('../pages/classify/ClassifyPage.svelte'),
  review: () => import('../pages/review/ReviewPage.svelte'),
  settings: () => import('../pages/settings/SettingsPage.svelte'),
};
