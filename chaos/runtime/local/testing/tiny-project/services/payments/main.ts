import '../../tiny-service.ts'
