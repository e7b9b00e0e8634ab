/** Recordings as they are shown: what was said is found again, and what that costs. */
package dev.parley.systemtests.show.recording;
