// Written by 'mem hooks install'; 'mem hooks uninstall' deletes it, with what was changed here.
// Hands opencode's events to `mem hook opencode <event>`: JSON on stdin, one JSON object back. Never fails a turn.
import { spawn } from "node:child_process"

const MEM = "mem"
const PATIENCE = 10_000
const SAVE_EVERY = 60_000

export const Memcli = async ({ directory, worktree }) => {
  const tell = (event, sessionID, more = {}) =>
    new Promise((resolve) => {
      let said = ""
      const done = () => {
        try {
          resolve(JSON.parse(said || "{}"))
        } catch {
          resolve({})
        }
      }
      try {
        const child = spawn(MEM, ["hook", "opencode", event], { cwd: worktree || directory })
        setTimeout(() => child.kill(), PATIENCE).unref()
        child.on("error", () => resolve({}))
        child.on("close", done)
        child.stdout.on("data", (piece) => (said += piece))
        child.stdin.on("error", () => {})
        child.stdin.end(JSON.stringify({ sessionID, directory, worktree, ...more }))
      } catch {
        resolve({})
      }
    })
  let saved = 0
  const started = new Set()

  return {
    "chat.message": async ({ sessionID }) => {
      if (sessionID && !started.has(sessionID)) {
        started.add(sessionID)
        await tell("session-start", sessionID)
      }
    },
    "tool.execute.after": async ({ sessionID }) => {
      if (Date.now() - saved > SAVE_EVERY) {
        saved = Date.now()
        await tell("save", sessionID)
      }
    },
    "experimental.session.compacting": async ({ sessionID }, output) => {
      const { context } = await tell("pre-compact", sessionID)
      if (context) output.context.push(context)
    },
    event: async ({ event }) => {
      const sessionID = event.properties?.sessionID ?? event.properties?.info?.id
      if (event.type === "session.idle") await tell("stop", sessionID)
      if (event.type === "session.deleted") await tell("session-end", sessionID)
    },
  }
}
