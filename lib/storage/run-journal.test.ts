import "fake-indexeddb/auto";
import { runJournalContract } from "@/lib/testing/run-journal-contract";
import { createMemoryJournal } from "@/lib/training/memory-journal";
import { runJournal } from "./run-journal";

runJournalContract("IndexedDB", () => runJournal);
runJournalContract("memory", createMemoryJournal);
