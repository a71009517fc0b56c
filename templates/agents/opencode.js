// Written by 'mem hooks install'; 'mem hooks uninstall' deletes this file, with any changes made here.
// Passes opencode's events to `mem hook opencode <event>`: JSON on stdin, one JSON object back. Never fails a turn.
import { spawn } from "node:child_process"

const MEM = "mem"
const TIMEOUT_MS = 10_000
const SAVE_INTERVAL_MS = 60_000

export const Memcli = async ({ directory, worktree }) => {
  const callHook = (event, sessionID, more = {}) =>
    new Promise((resolve) => {
      let output = ""
      const finish = () => {
        try {
          resolve(JSON.parse(output || "{}"))
        } catch {
          resolve({})
        }
      }
      try {
        const child = spawn(MEM, ["hook", "opencode", event], { cwd: worktree || directory })
        setTimeout(() => child.kill(), TIMEOUT_MS).unref()
        child.on("error", () => resolve({}))
        child.on("close", finish)
        child.stdout.on("data", (chunk) => (output += chunk))
        child.stdin.on("error", () => {})
        child.stdin.end(JSON.stringify({ sessionID, directory, worktree, ...more }))
      } catch {
        resolve({})
      }
    })
  let lastSave = 0
  const started = new Set()

  return {
    "chat.message": async ({ sessionID }) => {
      if (sessionID && !started.has(sessionID)) {
        started.add(sessionID)
        await callHook("session-start", sessionID)
      }
    },
    "tool.execute.after": async ({ sessionID }) => {
      if (Date.now() - lastSave > SAVE_INTERVAL_MS) {
        lastSave = Date.now()
        await callHook("save", sessionID)
      }
    },
    "experimental.session.compacting": async ({ sessionID }, output) => {
      const { context } = await callHook("pre-compact", sessionID)
      if (context) output.context.push(context)
    },
    event: async ({ event }) => {
      const sessionID = event.properties?.sessionID ?? event.properties?.info?.id
      if (event.type === "session.idle") await callHook("stop", sessionID)
      if (event.type === "session.deleted") await callHook("session-end", sessionID)
    },
  }
}
