export { againstBackground } from './background';
export { luma } from './luma';
export { resample } from './resample';
