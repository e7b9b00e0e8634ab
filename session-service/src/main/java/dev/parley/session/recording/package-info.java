/** Recordings of conferences: their life, and the segments that media servers make of them. */
package dev.parley.session.recording;
