/** The demonstration that people hear each other: browsers, tones and delays. */
@NullMarked
package dev.parley.systemtests.show.talk;

import org.jspecify.annotations.NullMarked;
