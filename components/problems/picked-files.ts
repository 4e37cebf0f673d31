/** Files that were let go over an element; of a folder, those that lie directly in it. */
export async function droppedFiles({ items }: DataTransfer): Promise<File[]> {
  // Entries can only be had before anything is waited for.
  const entries = Array.from(items, (item) => item.webkitGetAsEntry());
  const inside = await Promise.all(entries.map(entriesIn));
  return Promise.all(inside.flat().filter(isFile).map(opened));
}

async function entriesIn(entry: FileSystemEntry | null): Promise<FileSystemEntry[]> {
  if (!entry) return [];
  return isFolder(entry) ? listed(entry) : [entry];
}

/** A browser lists a folder in parts; the last one is empty. */
async function listed(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) return all;
    all.push(...part);
  }
}

function opened(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
