// Passes opencode's events to `mem hook opencode <event>`: JSON on stdin, one JSON object back. Never fails a turn.
import { spawn } from "node:child_process"
import { randomBytes } from "node:crypto"

const MEM = "mem"
const TIMEOUT_MS = 10_000
const SAVE_INTERVAL_MS = 60_000
const MASK = 0xffffffffffffn

// A part of a message that the user does not see. Its id sorts after those of the parts that are there already.
const syntheticPart = ({ sessionID, id: messageID }, text, place) => ({
  id: `prt_${((BigInt(Date.now()) * 4096n + BigInt(place)) & MASK).toString(16).padStart(12, "0")}${randomBytes(7).toString("hex")}`,
  sessionID, messageID, type: "text", text, synthetic: true,
})

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
        const child = spawn(MEM, ["hook", "opencode", event, "--plugin"], { cwd: worktree || directory })
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
  const parents = new Map() // session of a sub-agent -> the session that started it
  const mainSession = (id) => (parents.has(id) ? mainSession(parents.get(id)) : id)
  const end = async (id) => {
    if (started.delete(id) && !parents.has(id)) await callHook("session-end", id)
  }

  const afterCompaction = new Map() // session -> the answer with its pack
  const callSession = (event, sessionID, more = {}) => {
    const id = mainSession(sessionID)
    return callHook(event, id, id === sessionID ? more : { ...more, agent_id: sessionID })
  }

  return {
    "chat.message": async ({ sessionID }, { message, parts }) => {
      if (!sessionID) return
      const answers = []
      if (!started.has(sessionID)) {
        started.add(sessionID)
        answers.push(await callSession(parents.has(sessionID) ? "subagent-start" : "session-start", sessionID))
      }
      const texts = parts.filter((part) => part.type === "text" && !part.synthetic).map((part) => part.text)
      answers.push(await callSession("mention", sessionID, { prompt: texts.join("\n") }))
      for (const { context } of answers) if (context) parts.push(syntheticPart(message, context, parts.length))
    },
    "experimental.chat.system.transform": async ({ sessionID }, { system }) => {
      const { context } = (await afterCompaction.get(sessionID)) ?? {}
      if (context) system.push(context)
    },
    "shell.env": async ({ sessionID }, output) => {
      if (sessionID) output.env.OPENCODE_SESSION_ID = mainSession(sessionID)
    },
    "tool.execute.after": async ({ tool, sessionID, args }, output) => {
      if (tool === "read") {
        const { context } = await callSession("pre-edit", sessionID, { filePath: args?.filePath })
        if (context) output.output += `\n${context}`
      }
      if (Date.now() - lastSave > SAVE_INTERVAL_MS) {
        lastSave = Date.now()
        await callHook("save", mainSession(sessionID))
      }
    },
    "experimental.session.compacting": async ({ sessionID }, output) => {
      const { context } = await callHook("pre-compact", mainSession(sessionID))
      if (context) output.context.push(context)
    },
    event: async ({ event }) => {
      const { sessionID, info } = event.properties ?? {}
      const id = sessionID ?? info?.id
      if (event.type === "session.created" && info?.parentID) parents.set(info.id, info.parentID)
      if (event.type === "session.compacted" && !parents.has(id)) {
        afterCompaction.set(id, callHook("session-start", id, { source: "compact" }))
      }
      if (event.type === "session.idle" && !parents.has(id)) await callHook("stop", id)
      if (event.type === "session.deleted") await end(id)
    },
    // the end of `opencode run`, and of a window
    dispose: async () => {
      await Promise.all([...started].map(end))
    },
  }
}
