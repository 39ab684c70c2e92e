/** Contenders of a benchmark, each in a process of its own, that are told in turn what to do. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** Starts `script` with `args`, and waits until it has sent its first message: that it is ready. */
export async function startPlayer(script: string, args: readonly string[]): Promise<ChildProcess> {
  const player = fork(script, args, { execArgv: ["--expose-gc"] });
  await once(player, "message");
  return player;
}

/** What a player answers to an order; it is the script's own, so it is believed to be of the type that is expected. */
export async function ask<Answer>(player: ChildProcess, order: number | object): Promise<Answer> {
  player.send(order);
  const [answer] = await once(player, "message");
  return answer as Answer;
}
