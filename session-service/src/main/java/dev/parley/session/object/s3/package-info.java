/**
 * S3 and what speaks its protocol: signed URLs of our own, made and judged, and requests by them.
 */
package dev.parley.session.object.s3;
