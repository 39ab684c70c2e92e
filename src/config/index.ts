/** The door of configuration files. */
export { schemaText } from "./config-schema.ts";
export { type Config, defineConfig, type TargetConfig } from "./define-config.ts";
export { configFiles, type LoadConfigOptions, type LoadedConfig, loadConfig } from "./load-config.ts";
export { type JudgedTarget, judgeShared } from "./shared-entries.ts";
export { relocate, type Target, targetOf, targetsOf } from "./targets.ts";
