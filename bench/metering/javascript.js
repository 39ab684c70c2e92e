// A guest in JavaScript: the QuickJS interpreter, compiled to wasm, at work on objects, strings and closures.
export function run(n) {
  let sum = 0;
  const words = "the quick brown fox jumps over the lazy dog".split(" ");
  for (let i = 0; i < n; i++) {
    const counts = new Map();
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + word.length);
    const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([word, count]) => ({ word, count }));
    sum += JSON.parse(JSON.stringify(sorted)).reduce(
      (total, { word, count }) => total + word.charCodeAt(0) * count,
      i,
    );
  }
  return sum >>> 0;
}
