/** Who is loud, who is heard, who leads the talk. Pure: sees levels and times only. */
package dev.parley.media.speaker;
