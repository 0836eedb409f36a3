// Packages that are still CommonJS require Nest, which is ESM; Jest resolves that only if Nest was imported first.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
