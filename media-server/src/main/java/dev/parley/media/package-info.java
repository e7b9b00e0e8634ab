/**
 * The media server as a process: settings, clocks, wiring, start and end. All other packages are
 * given what they need here.
 */
package dev.parley.media;
