/** RTCP (RFC 3550 section 6, RFC 4585): reports read and written, reception counted. */
package dev.parley.media.rtcp;
