export { againstBackground, cellQuantiles } from './background';
export { findRuns, keepRuns, labelRuns } from './components';
export { histogram, lookUp } from './levels';
export { luma } from './luma';
export { resample } from './resample';
export { inkIsLight } from './tone';
