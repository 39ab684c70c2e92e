/** The door of `inspect/`: what a component is, before anything of it runs. */
export type { Capability, CapabilityName } from "./capabilities.ts";
export { type Coverage, type CoveredItem, coverageOf } from "./coverage.ts";
export {
  type ComponentReport,
  type Inspected,
  inspectComponent,
  type Needs,
  type ReportedItem,
  type ReportedLimits,
  type ReportedModule,
} from "./inspect.ts";
