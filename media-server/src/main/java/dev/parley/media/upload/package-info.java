/** Recordings on their way from the spool to the object store. */
package dev.parley.media.upload;
