/** `hostwright/plugin`: bindings as a part of the build. */
export { hostwright as default, type PluginOptions } from "./plugin.ts";
