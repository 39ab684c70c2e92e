/** How wide code will be, roughly, to decide whether it goes on one line. */
import type { ArgumentView, DescriptorView, ParamView, TypeView } from "./views.ts";

/** What a line may hold beside indentation and punctuation. */
const LINE_WIDTH = 100;

export function isLong(width: number): boolean {
  return width > LINE_WIDTH;
}

export function widthOf(type: TypeView): number {
  if ("ref" in type) return type.ref.length;
  if ("generic" in type) return type.generic.length + 2 + sum(type.args, widthOf);
  if ("array" in type) return widthOf(type.array) + (type.parentheses ? 4 : 2);
  if ("tuple" in type) return 2 + sum(type.elements, widthOf);
  if ("union" in type) return sum(type.union, widthOf);
  if ("tag" in type) return type.tag.length + 9 + (type.val === undefined ? 0 : widthOf(type.val) + 7);
  return type.literal.length;
}

export function widthOfParams(params: readonly ParamView[]): number {
  return sum(params, ({ name, type }) => name.length + 2 + widthOf(type));
}

/** Of the arguments of a call that passes the parameters on. */
export function widthOfNames(params: readonly ParamView[]): number {
  return sum(params, ({ name }) => name.length);
}

export function widthOfDescriptor(view: DescriptorView): number {
  if ("ref" in view) return view.ref.length;
  if ("name" in view) return view.types.length + view.name.length + 1;
  return view.types.length + view.call.length + 3 + sum(view.args, widthOfArgument);
}

function widthOfArgument(view: ArgumentView): number {
  if ("literal" in view) return view.literal.length;
  if ("label" in view)
    return view.label.length + 4 + (view.type === undefined ? 0 : widthOfDescriptor(view.type));
  if ("list" in view) return 2 + sum(view.list.items, widthOfArgument);
  return widthOfDescriptor(view);
}

/** The width of items with a separator between them. */
function sum<T>(items: readonly T[], width: (item: T) => number): number {
  return items.reduce((total, item) => total + width(item) + 2, -2);
}
