/** What the media server adds to a packet's and a sound's way, without what the clients add. */
@NullMarked
package dev.parley.benchmarks.delay;

import org.jspecify.annotations.NullMarked;
