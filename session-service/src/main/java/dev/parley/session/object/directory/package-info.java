/** The directory store: a process that keeps objects in a folder and speaks a part of S3. */
package dev.parley.session.object.directory;
