/** What both services know of the protocol of object stores, which is S3's. */
package dev.parley.common.s3;
