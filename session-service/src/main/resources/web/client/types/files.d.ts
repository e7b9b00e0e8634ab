export type SessionApi = import('./session-api.js').SessionApi;
export type SharedFile = import('./types.js').SharedFile;
export type Upload = import('./types.js').Upload;
/**
 * What is shared in one conference: each file once, whatever the connection does.
 *
 * Event: `change` {files}, oldest first, with `added`, the file that was shared just now, if that is what it was.
 */
export declare class SharedFiles extends EventTarget {
    read: () => Promise<{
        data: SharedFile[];
    }>;
    /** @type {Map<string, SharedFile>} */
    kept: Map<string, SharedFile>;
    /** @type {Set<string>} Told of as erased: a list that was read meanwhile may still have them. */
    erased: Set<string>;
    /** False if we may not share, nor read what others do. @type {boolean} */
    isAllowed: boolean;
    /** @param {() => Promise<{data: SharedFile[]}>} read  The newest, those first. */
    constructor(read: () => Promise<{
        data: SharedFile[];
    }>);
    /** Oldest first. */
    get list(): import("./types.js").SharedFile[];
    /** Events may have been missed: reads what there is. If that fails, the next connection tries again. */
    onSnapshot(): Promise<void>;
    /** @param {SharedFile} file */
    onShared(file: SharedFile): void;
    /** @param {string} id */
    onErased(id: string): void;
    /** @param {SharedFile} [added] */
    tell(added?: SharedFile): void;
}
export type ShareOptions = {
    /**
     * As people call it; else the file's own name.
     */
    name?: string;
    /**
     * What shows it small, at most 256 KiB; left out, one is made of a photo.
     */
    thumbnail?: Blob | null;
    /**
     * How much of it has gone, 0 to 1.
     */
    onProgress?: (share: number) => void;
    /**
     * Gives it up.
     */
    signal?: AbortSignal;
};
/**
 * @typedef {object} ShareOptions
 * @property {string} [name]  As people call it; else the file's own name.
 * @property {Blob | null} [thumbnail]  What shows it small, at most 256 KiB; left out, one is made of a photo.
 * @property {(share: number) => void} [onProgress]  How much of it has gone, 0 to 1.
 * @property {AbortSignal} [signal]  Gives it up.
 */
/**
 * Shares a file in a call: its bytes go straight to the object store. What fails for want of a network is tried again.
 *
 * @param {SessionApi} api
 * @param {string} conferenceId
 * @param {Blob} content
 * @param {ShareOptions} [options]
 * @returns {Promise<SharedFile>}
 */
export declare function shareFile(api: SessionApi, conferenceId: string, content: Blob, options?: ShareOptions): Promise<SharedFile>;
/**
 * Makes a small picture of a photo, by its proportions.
 *
 * @param {Blob} photo
 * @returns {Promise<Blob | null>}  Null where this browser cannot read it.
 */
export declare function makeThumbnail(photo: Blob): Promise<Blob | null>;
