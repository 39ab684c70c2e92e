// A guest for the world test:inventory/clerk, which uses what another component exports.
import { label, take } from "test:inventory/desk@1.0.0";

export function inspect(names) {
  return names.map((name) => {
    try {
      const [rest] = take(name, 1);
      return label(rest.name, rest.count, rest.unit, rest.care);
    } catch (error) {
      return `${name}: ${error.payload.tag}`;
    }
  });
}
