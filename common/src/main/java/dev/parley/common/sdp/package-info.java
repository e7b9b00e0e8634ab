/** Parts of session descriptions (RFC 8866) that both services read. */
package dev.parley.common.sdp;
